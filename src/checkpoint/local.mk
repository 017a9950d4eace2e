libdla_a_SOURCES +=
