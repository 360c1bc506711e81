import Glibc

/// The time that this process has used of all processors, which other work on the machine hardly
/// changes.
enum ProcessorClock {
    static var now: Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
