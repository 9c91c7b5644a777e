@main struct SimulateFleet { static func main() {} }
