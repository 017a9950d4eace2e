UNIT_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
UNIT_LIBS = $(DLA_LIBS) $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_status
tests_unit_test_status_SOURCES = tests/unit/test_status.c
tests_unit_test_status_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_status_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_array
tests_unit_test_array_SOURCES = tests/unit/test_array.c
tests_unit_test_array_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_array_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_config
tests_unit_test_config_SOURCES = tests/unit/test_config.c tests/unit/config_fixture.h
tests_unit_test_config_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_config_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_config_errors
tests_unit_test_config_errors_SOURCES = tests/unit/test_config_errors.c tests/unit/config_fixture.h
tests_unit_test_config_errors_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_config_errors_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_config_parts
tests_unit_test_config_parts_SOURCES = tests/unit/test_config_parts.c tests/unit/config_fixture.h
tests_unit_test_config_parts_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_config_parts_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_config_folders
tests_unit_test_config_folders_SOURCES = tests/unit/test_config_folders.c tests/unit/config_fixture.h
tests_unit_test_config_folders_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_config_folders_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_arguments
tests_unit_test_arguments_SOURCES = tests/unit/test_arguments.c tests/unit/config_fixture.h
tests_unit_test_arguments_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_arguments_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_philox
tests_unit_test_philox_SOURCES = tests/unit/test_philox.c
tests_unit_test_philox_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_philox_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_augment
tests_unit_test_augment_SOURCES = tests/unit/test_augment.c
tests_unit_test_augment_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_augment_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_loader
tests_unit_test_loader_SOURCES = tests/unit/test_loader.c
tests_unit_test_loader_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_loader_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_pickle
tests_unit_test_pickle_SOURCES = tests/unit/test_pickle.c tests/unit/pickle_writer.c tests/unit/pickle_writer.h
tests_unit_test_pickle_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_pickle_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_idx
tests_unit_test_idx_SOURCES = tests/unit/test_idx.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_idx_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_idx_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_cifar
tests_unit_test_cifar_SOURCES = tests/unit/test_cifar.c tests/unit/pickle_writer.c \
	tests/unit/pickle_writer.h tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_cifar_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_cifar_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_find_dataset
tests_unit_test_find_dataset_SOURCES = tests/unit/test_find_dataset.c tests/unit/archive_writer.c \
	tests/unit/archive_writer.h tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_find_dataset_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_find_dataset_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_metrics
tests_unit_test_metrics_SOURCES = tests/unit/test_metrics.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_metrics_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_metrics_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_evaluation
tests_unit_test_evaluation_SOURCES = tests/unit/test_evaluation.c
tests_unit_test_evaluation_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_evaluation_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_safetensors
tests_unit_test_safetensors_SOURCES = tests/unit/test_safetensors.c
tests_unit_test_safetensors_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_safetensors_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_schedule
tests_unit_test_schedule_SOURCES = tests/unit/test_schedule.c
tests_unit_test_schedule_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_schedule_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_graph
tests_unit_test_graph_SOURCES = tests/unit/test_graph.c
tests_unit_test_graph_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_graph_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_memory_plan
tests_unit_test_memory_plan_SOURCES = tests/unit/test_memory_plan.c
tests_unit_test_memory_plan_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_memory_plan_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_staging
tests_unit_test_staging_SOURCES = tests/unit/test_staging.c
tests_unit_test_staging_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_staging_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_unpack
tests_unit_test_unpack_SOURCES = tests/unit/test_unpack.c tests/unit/archive_writer.c \
	tests/unit/archive_writer.h tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_unpack_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_unpack_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_staging_text
tests_unit_test_staging_text_SOURCES = tests/unit/test_staging_text.c
tests_unit_test_staging_text_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_staging_text_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_watch_push
tests_unit_test_watch_push_SOURCES = tests/unit/test_watch_push.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_watch_push_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_watch_push_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_tensor_set
tests_unit_test_tensor_set_SOURCES = tests/unit/test_tensor_set.c
tests_unit_test_tensor_set_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_tensor_set_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_pth_hostile
tests_unit_test_pth_hostile_SOURCES = tests/unit/test_pth_hostile.c tests/unit/pickle_writer.c \
	tests/unit/pickle_writer.h tests/unit/zip_builder.c tests/unit/zip_builder.h
tests_unit_test_pth_hostile_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_pth_hostile_LDADD = $(UNIT_LIBS)
if HAVE_OPENBLAS
UNIT_TESTS += tests/unit/test_openblas
tests_unit_test_openblas_SOURCES = tests/unit/test_openblas.c
tests_unit_test_openblas_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_openblas_LDADD = $(UNIT_LIBS)
endif
if HAVE_OPENCL
UNIT_TESTS += tests/unit/test_opencl
tests_unit_test_opencl_SOURCES = tests/unit/test_opencl.c
tests_unit_test_opencl_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_opencl_LDADD = $(UNIT_LIBS)
endif
UNIT_TESTS += tests/unit/test_steady
tests_unit_test_steady_SOURCES = tests/unit/test_steady.c
tests_unit_test_steady_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_steady_LDFLAGS = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc
tests_unit_test_steady_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_workflow
tests_unit_test_workflow_SOURCES = tests/unit/test_workflow.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_workflow_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_workflow_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_watch
tests_unit_test_watch_SOURCES = tests/unit/test_watch.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_watch_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_watch_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_tree_events
tests_unit_test_tree_events_SOURCES = tests/unit/test_tree_events.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_tree_events_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_tree_events_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_config_secrets
tests_unit_test_config_secrets_SOURCES = tests/unit/test_config_secrets.c tests/unit/config_fixture.h
tests_unit_test_config_secrets_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_config_secrets_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_sweep
tests_unit_test_sweep_SOURCES = tests/unit/test_sweep.c
tests_unit_test_sweep_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_sweep_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_json
tests_unit_test_json_SOURCES = tests/unit/test_json.c
tests_unit_test_json_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_json_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_retention
tests_unit_test_retention_SOURCES = tests/unit/test_retention.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_retention_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_retention_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_no_memory
tests_unit_test_no_memory_SOURCES = tests/unit/test_no_memory.c
tests_unit_test_no_memory_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_no_memory_LDFLAGS = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=strdup,--wrap=mmap
tests_unit_test_no_memory_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_optimizer
tests_unit_test_optimizer_SOURCES = tests/unit/test_optimizer.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_optimizer_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_optimizer_LDADD = $(UNIT_LIBS)

UNIT_TESTS += tests/unit/test_network
tests_unit_test_network_SOURCES = tests/unit/test_network.c tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_network_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_network_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_team
tests_unit_test_team_SOURCES = tests/unit/test_team.c
tests_unit_test_team_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_team_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_kernels
tests_unit_test_kernels_SOURCES = tests/unit/test_kernels.c tests/unit/kernel_fixture.c tests/unit/kernel_fixture.h
tests_unit_test_kernels_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_kernels_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/unit/test_kernels_convolution
tests_unit_test_kernels_convolution_SOURCES = tests/unit/test_kernels_convolution.c \
	tests/unit/kernel_fixture.c tests/unit/kernel_fixture.h
tests_unit_test_kernels_convolution_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_kernels_convolution_LDADD = $(UNIT_LIBS)
if HAVE_PICTURES
UNIT_TESTS += tests/unit/test_picture tests/unit/test_picture_sets
tests_unit_test_picture_SOURCES = tests/unit/test_picture.c tests/unit/picture_writer.c \
	tests/unit/picture_writer.h tests/unit/pillow_numbers.h
tests_unit_test_picture_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_picture_LDADD = $(UNIT_LIBS)
tests_unit_test_picture_sets_SOURCES = tests/unit/test_picture_sets.c tests/unit/picture_writer.c \
	tests/unit/picture_writer.h tests/unit/archive_writer.c tests/unit/archive_writer.h \
	tests/unit/scratch.c tests/unit/scratch.h
tests_unit_test_picture_sets_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_picture_sets_LDADD = $(UNIT_LIBS)
endif
EXTRA_DIST += tests/golden/make_pillow.py
