// The C library's `mallopt` and its numbers, which the module Glibc leaves out.
#include <malloc.h>
