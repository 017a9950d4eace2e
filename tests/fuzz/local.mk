# libFuzzer targets: tests/fuzz/fuzz_NAME.c with a few seeds in tests/fuzz/corpus/fuzz_NAME/.
#   ../configure --enable-fuzz --enable-sanitize=address,undefined CC=clang
#   make fuzz-short FUZZ_SECONDS=60
FUZZ_SECONDS = 2
LIBFUZZER = -fsanitize=fuzzer
FUZZ_TARGETS =

FUZZ_TARGETS += tests/fuzz/fuzz_config
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c
tests_fuzz_fuzz_config_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_config_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_pickle
tests_fuzz_fuzz_pickle_SOURCES = tests/fuzz/fuzz_pickle.c
tests_fuzz_fuzz_pickle_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_pickle_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_idx
tests_fuzz_fuzz_idx_SOURCES = tests/fuzz/fuzz_idx.c
tests_fuzz_fuzz_idx_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_idx_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_stl10
tests_fuzz_fuzz_stl10_SOURCES = tests/fuzz/fuzz_stl10.c
tests_fuzz_fuzz_stl10_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_stl10_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_archive
tests_fuzz_fuzz_archive_SOURCES = tests/fuzz/fuzz_archive.c
tests_fuzz_fuzz_archive_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_archive_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_safetensors
tests_fuzz_fuzz_safetensors_SOURCES = tests/fuzz/fuzz_safetensors.c
tests_fuzz_fuzz_safetensors_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_safetensors_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_pth
tests_fuzz_fuzz_pth_SOURCES = tests/fuzz/fuzz_pth.c tests/unit/zip_builder.c \
	tests/unit/zip_builder.h
tests_fuzz_fuzz_pth_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_pth_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_graph_file
tests_fuzz_fuzz_graph_file_SOURCES = tests/fuzz/fuzz_graph_file.c
tests_fuzz_fuzz_graph_file_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_graph_file_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_s3_xml
tests_fuzz_fuzz_s3_xml_SOURCES = tests/fuzz/fuzz_s3_xml.c
tests_fuzz_fuzz_s3_xml_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_s3_xml_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_staging_text
tests_fuzz_fuzz_staging_text_SOURCES = tests/fuzz/fuzz_staging_text.c
tests_fuzz_fuzz_staging_text_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_staging_text_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_http_headers
tests_fuzz_fuzz_http_headers_SOURCES = tests/fuzz/fuzz_http_headers.c
tests_fuzz_fuzz_http_headers_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_http_headers_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_workflow
tests_fuzz_fuzz_workflow_SOURCES = tests/fuzz/fuzz_workflow.c
tests_fuzz_fuzz_workflow_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_workflow_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_sweep
tests_fuzz_fuzz_sweep_SOURCES = tests/fuzz/fuzz_sweep.c
tests_fuzz_fuzz_sweep_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_sweep_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_picture
tests_fuzz_fuzz_picture_SOURCES = tests/fuzz/fuzz_picture.c
tests_fuzz_fuzz_picture_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_picture_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_table
tests_fuzz_fuzz_table_SOURCES = tests/fuzz/fuzz_table.c
tests_fuzz_fuzz_table_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_table_LDADD = $(DLA_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_request
tests_fuzz_fuzz_request_SOURCES = tests/fuzz/fuzz_request.c
tests_fuzz_fuzz_request_LDFLAGS = $(LIBFUZZER)
tests_fuzz_fuzz_request_LDADD = $(DLA_LIBS)

if ENABLE_FUZZ
noinst_PROGRAMS = $(FUZZ_TARGETS)
endif
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/seeds.sh

# What is found goes to the build folder: corpus into NAME.found/, a crashing input into NAME.crash-*.
fuzz-short: $(FUZZ_TARGETS)
	@printf '%s\n' $(FUZZ_TARGETS) | xargs -n 1 -P "$$(nproc)" sh -c 'mkdir -p "$$0.found" && \
	  "./$$0" -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -print_final_stats=1 \
	    -artifact_prefix="$$0." "$$0.found" "$(srcdir)/tests/fuzz/corpus/$${0##*/}" \
	    >"$$0.log" 2>&1 || { tail -n 40 "$$0.log"; exit 1; }; \
	  echo "$$0: $$(grep number_of_executed_units "$$0.log")"'
.PHONY: fuzz-short
