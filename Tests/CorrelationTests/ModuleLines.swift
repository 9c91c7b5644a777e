/// Puts a part of a fleet's hub records down to modules of its devices.
enum ModuleLines {
    /// Of every fifth device three records in four are those of one of three modules; the others stay the device's own.
    static func spread(_ text: String) -> String {
        text.split(separator: "\n").enumerated().map { number, line in
            guard number % 4 != 0, let id = line.firstRange(of: #"\"deviceId\":\"unit-"#) else {
                return String(line) + "\n"
            }
            let digits = line[id.upperBound...].prefix { $0.isNumber }
            guard let unit = Int(digits), unit % 5 == 2 else { return String(line) + "\n" }
            let module = #"\"moduleId\":\"module-\#(number % 3)\","#
            return line[..<id.lowerBound] + module + line[id.lowerBound...] + "\n"
        }.joined()
    }
}
