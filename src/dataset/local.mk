libdla_a_SOURCES += include/dla/dataset.h include/dla/loader.h
