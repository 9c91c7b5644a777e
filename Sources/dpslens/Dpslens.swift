@main struct Dpslens { static func main() {} }
