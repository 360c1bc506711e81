"""Expected numbers for BDRateTests: an independent implementation by numpy and scipy.

    python bd_rate.py > bd-rate.json
"""
import json

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.integrate import quad


def front(points, sign):
    """By rate, only points that are better than all cheaper ones."""
    kept = []
    for rate, quality in sorted(points, key=lambda p: (p[0], -sign * p[1])):
        if not kept or sign * quality > sign * kept[-1][1]:
            kept.append((rate, quality))
    return kept


def curve(points, sign):
    kept = front(points, sign)
    return PchipInterpolator([sign * q for _, q in kept], np.log([r for r, _ in kept]))


def bd_rate(own, peer, higher):
    sign = 1 if higher else -1
    a, b = curve(own, sign), curve(peer, sign)
    low, high = max(a.x[0], b.x[0]), min(a.x[-1], b.x[-1])
    if low >= high:
        return None
    # By quadrature between the knots rather than by the polynomials' integrals.
    knots = sorted({low, high, *(x for x in [*a.x, *b.x] if low < x < high)})
    area = sum(quad(lambda x: a(x) - b(x), *ends, epsabs=1e-13, epsrel=1e-13)[0] for ends in zip(knots, knots[1:]))
    return dict(percent=100 * (np.exp(area / (high - low)) - 1), interval=sorted([sign * low, sign * high]))


def cases():
    random = np.random.default_rng(7)
    for count in (2, 3, 4, 6, 9):
        for higher in (True, False):
            sets = []
            for _ in range(2):
                rates = np.sort(random.uniform(5, 200, count))
                quality = 25 + 5 * np.log(rates) + random.normal(0, 0.8, count) if higher else 0.9 * rates ** -0.5 + random.normal(0, 0.004, count)
                sets.append([[float(r), float(q)] for r, q in zip(rates, quality)])
            yield dict(higher=higher, own=sets[0], peer=sets[1])
    yield dict(higher=True, own=[[10, 30], [20, 33]], peer=[[10, 34], [20, 37]])


if __name__ == "__main__":
    result = [case | dict(result=bd_rate(case["own"], case["peer"], case["higher"])) for case in cases()]
    x, y = [0, 1, 2.5, 3, 5, 6], [1, 3, 3.2, 2, 2, 7]
    pchip = PchipInterpolator(x, y)
    places = [0, 0.3, 1, 1.7, 2.6, 2.9, 3.4, 4.2, 5.5, 6]
    print(json.dumps(dict(cases=result, pchip=dict(
        x=x, y=y, places=places, values=[float(pchip(p)) for p in places], integral=float(pchip.integrate(0.4, 5.7)))), indent=1))
