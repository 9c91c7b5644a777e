enum FindingsPlaceholder {}
