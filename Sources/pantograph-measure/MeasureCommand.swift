import ArgumentParser

@main
struct MeasureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pantograph-measure",
        abstract: "Measures rate, quality and speed; emulates bad links; renders test clips.",
        subcommands: [
            LoopbackCommand.self, CompareCommand.self, RebuildCommand.self, SpeedCommand.self,
            SealingCommand.self, RelayCommand.self, LinkCallCommand.self, RenderHeadCommand.self,
            RateQualityCommand.self, MergeCommand.self, SourcesCommand.self,
            ClipCallCommand.self, TwoWayCommand.self,
        ])
}
