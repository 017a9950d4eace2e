libdla_a_SOURCES += include/dla/status.h \
	src/base/array.c src/base/array.h \
	src/base/bf16.h src/base/pattern.c src/base/pattern.h \
	src/base/path.c src/base/path.h src/base/plural.h \
	src/base/closest.c src/base/closest.h src/base/column.c src/base/column.h \
	src/base/read_file.c src/base/read_file.h \
	src/base/status.c \
	src/base/base64.c src/base/base64.h src/base/shell_quote.c src/base/shell_quote.h \
	src/base/strbuf.c src/base/strbuf.h \
	src/base/utf8.c src/base/utf8.h src/base/utf8_locale.c src/base/utf8_locale.h \
	src/base/philox.c src/base/philox.h
libdla_a_SOURCES += src/base/cache_folder.c src/base/cache_folder.h
libdla_a_SOURCES += src/base/change_mode.c src/base/change_mode.h
libdla_a_SOURCES += src/base/clock.c src/base/clock.h src/base/hash.h src/base/hex.h src/base/trim.h
libdla_a_SOURCES += src/base/sha256.c src/base/sha256.h \
	src/base/atomic_file.c src/base/atomic_file.h
libdla_a_SOURCES += src/base/cpu.c src/base/cpu.h src/base/cpu_mask.c src/base/cpu_mask.h \
	src/base/cpu_share.c src/base/cpu_share.h
libdla_a_SOURCES += src/base/isa.c src/base/isa.h \
	src/base/start_thread.c src/base/start_thread.h \
	src/base/thread_time.c src/base/thread_time.h src/base/team.c src/base/team.h \
	src/base/relax.h src/base/seats.c src/base/seats.h \
	src/base/scheduling.c src/base/scheduling.h
libdla_a_SOURCES += src/base/make_folder.c src/base/make_folder.h src/base/flush.c src/base/flush.h
libdla_a_SOURCES += src/base/natural.c src/base/natural.h src/base/number.c src/base/number.h
libdla_a_SOURCES += src/base/json.c src/base/json.h
libdla_a_SOURCES += src/base/folder_lock.c src/base/folder_lock.h \
	src/base/process_stat.c src/base/process_stat.h
libdla_a_SOURCES += src/base/gzip.c src/base/gzip.h
libdla_a_SOURCES += src/base/temporary_folder.c src/base/temporary_folder.h \
	src/base/swept_folder.c src/base/swept_folder.h \
	src/base/leftovers.c src/base/leftovers.h \
	src/base/remove_tree.c src/base/remove_tree.h
libdla_a_SOURCES += src/base/inherited.c src/base/inherited.h
libdla_a_SOURCES += src/base/archive_reason.h include/dla/dtype.h src/base/dtype.c src/base/looks_like.c src/base/looks_like.h src/base/one_line.c src/base/one_line.h
libdla_a_SOURCES += src/base/write_at.c src/base/write_at.h
libdla_a_SOURCES += src/base/fail_at.c src/base/fail_at.h src/base/try.h
libdla_a_SOURCES += src/base/pages.c src/base/pages.h
libdla_a_SOURCES += src/base/tuning.c include/dla/tuning.h
libdla_a_SOURCES += src/base/yaml_document.c src/base/yaml_document.h
libdla_a_SOURCES += src/base/crc.c src/base/crc.h src/base/protobuf.c src/base/protobuf.h
libdla_a_SOURCES += src/base/png.c src/base/png.h
libdla_a_SOURCES += src/base/findings.c src/base/findings.h
libdla_a_SOURCES += src/base/cgroup.c src/base/cgroup.h
libdla_a_SOURCES += src/base/roff.c src/base/roff.h
