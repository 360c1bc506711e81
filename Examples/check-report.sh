#!/bin/sh
# Opens a report of rate-quality in a headless browser, as a reader would, and fails where something is cut off.
#
#   Examples/check-report.sh results/report.html [screenshot.png]
#
# Checked at the widths of a large screen, a small one and a telephone: the page itself must not be wider than the
# window (tables may scroll within it), each plot must have its size, and each picture must have loaded. The
# screenshot is of the whole page, for people to look at. Needs a Chromium (Debian's package chromium); without one
# nothing is checked, which is said.
set -eu

[ $# -ge 1 ] || { echo "usage: $0 report.html [screenshot.png]" >&2; exit 64; }
[ -r "$1" ] || { echo "$1 cannot be read: name a report that rate-quality has written" >&2; exit 1; }
report=$(realpath "$1")
screenshot=$(realpath -m "${2:-${1%.html}.png}")
browser=
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then browser=$name; break; fi
done
if [ -z "$browser" ]; then
    echo "skipped check-report: no chromium here (Debian's package chromium)"
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The page with a measure of itself at its end, which writes what is wrong into the title of the page.
cp "$report" "$scratch/page.html"
cat >> "$scratch/page.html" <<'SCRIPT'
<script>
addEventListener("load", () => {
    const wrong = [], root = document.documentElement
    if (root.scrollWidth > root.clientWidth) {
        wrong.push(`the page is ${root.scrollWidth} pixels wide in a window of ${root.clientWidth}`)
        for (const e of document.body.querySelectorAll("*"))
            if (!e.closest(".wide *") && e.getBoundingClientRect().right > root.clientWidth + 1)
                wrong.push(`too wide: ${e.tagName} ${e.textContent.trim().slice(0, 40)}`)
    }
    for (const e of document.querySelectorAll("svg"))
        if (e.getBoundingClientRect().width < 200) wrong.push(`a plot is too narrow: ${e.getAttribute("aria-label")}`)
    for (const e of document.querySelectorAll("svg text")) {
        const text = e.getBoundingClientRect(), plot = e.closest("svg").getBoundingClientRect()
        if (text.left < plot.left - 1 || text.right > plot.right + 1 || text.bottom > plot.bottom + 1)
            wrong.push(`cut off in a plot: ${e.textContent}`)
    }
    for (const e of document.images) if (!e.naturalWidth) wrong.push(`a picture did not load: ${e.alt}`)
    const told = document.createElement("pre")
    told.id = "checked"
    told.textContent = `height ${root.scrollHeight}\n` + wrong.slice(0, 20).map(w => `wrong: ${w}\n`).join("")
    document.body.append(told)
})
</script>
SCRIPT

browse() {
    timeout 120 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-dev-shm-usage \
        --user-data-dir="$scratch/profile" --virtual-time-budget=5000 "$@" 2>"$scratch/messages"
}

status=0
for width in 1600 1024 400; do
    browse --window-size=$width,900 --dump-dom "file://$scratch/page.html" > "$scratch/dom.html"
    sed -n '/<pre id="checked">/,/<\/pre>/p' "$scratch/dom.html" | sed 's/<[^>]*>//g' > "$scratch/told"
    if ! grep -q height "$scratch/told"; then
        echo "width $width: the browser did not come to the end of the page" >&2
        tail -3 "$scratch/messages" >&2
        exit 1
    fi
    if grep -q wrong: "$scratch/told"; then
        sed -n "s/^wrong: /width $width: /p" "$scratch/told" >&2
        status=1
    else
        echo "width $width: nothing is cut off"
    fi
    [ $width = 1600 ] && height=$(sed -n 's/.*height \([0-9]*\).*/\1/p' "$scratch/told")
done
# The largest picture that browsers make.
[ "$height" -gt 16000 ] && height=16000
browse --window-size=1600,"$height" --screenshot="$screenshot" "file://$report"
echo "screenshot: $screenshot"
exit $status
