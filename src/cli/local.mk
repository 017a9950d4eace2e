libdla_a_SOURCES += \
	src/cli/train.c src/cli/train.h src/cli/train_step.c src/cli/run.c src/cli/eval.c src/cli/predict.c \
	src/cli/fetch_pictures.c src/cli/fetch_pictures.h src/cli/sort_into.c src/cli/sort_into.h \
	src/cli/bench.c src/cli/bench.h src/cli/bench_loader.c src/cli/bench_tables.c src/cli/bench_trace.c \
	src/cli/find_lr.c src/cli/doctor.c src/cli/new.c src/cli/selftest.c src/cli/findings.c src/cli/findings.h \
	src/cli/graph.c src/cli/graph_summary.c src/cli/graph_summary.h \
	src/cli/convert.c src/cli/export.c src/cli/data.c src/cli/data_known.c src/cli/data_known.h src/cli/pictures.c src/cli/pictures.h \
	src/cli/inspect.c src/cli/stage.c src/cli/start.c src/cli/start.h \
	src/cli/signals.c src/cli/signals.h src/cli/progress.c src/cli/progress.h src/cli/report.c \
	src/cli/report.h src/cli/arguments.c src/cli/arguments.h src/cli/cli.c src/cli/cli.h \
	src/cli/config.c src/cli/stage_report.c src/cli/stage_report.h src/cli/flag.h src/cli/help.c \
	src/cli/help.h src/cli/output.c src/cli/output.h src/cli/program_path.c src/cli/program_path.h \
	src/cli/waiting.c src/cli/waiting.h src/cli/submit.c src/cli/sweep.c src/cli/sweep_array.c \
	src/cli/sweep_array.h src/cli/verb.h src/cli/verbs.c src/cli/ranks.c src/cli/ranks.h
