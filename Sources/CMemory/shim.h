// The C library's `mallopt` and its numbers, which the module Glibc leaves out.
#include <malloc.h>

// SQLite's settings of the process take a varying number of arguments, which Swift cannot pass. Declared here, since the
// module of GRDB owns sqlite3.h; the number is SQLITE_CONFIG_MEMSTATUS, which is part of SQLite's stable interface.
int sqlite3_config(int, ...);

static inline int sqlite_count_memory(int is_counted) { return sqlite3_config(9, is_counted); }
