enum CorrelationPlaceholder {}
