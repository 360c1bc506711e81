import Testing

/// The programs as processes that talk over loopback sockets; one test after the other, since they
/// work in real time.
@Suite(.serialized, .enabled("OpenVINO is not installed") { await Programs.canInfer() })
struct EndToEndTests {}
