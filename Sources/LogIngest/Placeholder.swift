enum LogIngestPlaceholder {}
