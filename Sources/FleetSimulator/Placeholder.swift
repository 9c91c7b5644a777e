enum FleetSimulatorPlaceholder {}
