import GRDBSQLite

/// The statements by which texts and resources of files are stored, and paths are looked up; they are used inside of the connection's access only.
struct FileStatements {
    let identity: PreparedStatement
    let network: PreparedStatement
    let agent: PreparedStatement
    let context: PreparedStatement
    let resource: PreparedStatement
    let path: PreparedStatement

    init(_ handle: OpaquePointer) throws {
        identity = try PreparedStatement(handle, "INSERT INTO identity(id, name, folded) VALUES(?, ?, ?)")
        network = try PreparedStatement(handle, "INSERT INTO network(id, address) VALUES(?, ?)")
        agent = try PreparedStatement(handle, "INSERT INTO agent(id, sdk) VALUES(?, ?)")
        context = try ContextRows.inserting(handle)
        path = try PreparedStatement(handle, "SELECT path FROM file WHERE id = ?")
        resource = try PreparedStatement(
            handle,
            """
            INSERT OR IGNORE INTO file_resource(file, service, instance)
            SELECT ?, service, instance FROM context WHERE id = ?
            """
        )
    }
}
