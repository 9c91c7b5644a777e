enum AzureLogsPlaceholder {}
