libdla_a_SOURCES += src/config/config.h \
	src/config/changed.c src/config/compare.c \
	src/config/describe.c src/config/man.c \
	src/config/expand.c src/config/expand.h \
	src/config/habits.c src/config/habits.h \
	src/config/idle.c src/config/json_schema.c src/config/write_json.c \
	src/config/list.c src/config/list.h \
	src/config/load.c src/config/load.h \
	src/config/optimizer.c src/config/places.c src/config/places.h \
	src/config/read_yaml.c src/config/read_yaml.h \
	src/config/redact.c src/config/redact.h \
	src/config/schema.c src/config/schema.h \
	src/config/suggest.c src/config/suggest.h \
	src/config/torch_options.c src/config/torch_options.h \
	src/config/value.c src/config/value.h \
	src/config/written.c src/config/written.h \
	src/config/write_yaml.c

update-docs: dla-train$(EXEEXT)
	./dla-train$(EXEEXT) --config-markdown >$(srcdir)/docs/config.md
.PHONY: update-docs
