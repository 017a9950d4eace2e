libdla_a_SOURCES += include/dla/status.h \
	src/base/status.c \
	src/base/strbuf.c src/base/strbuf.h \
	src/base/philox.c src/base/philox.h
