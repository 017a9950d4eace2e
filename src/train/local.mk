libdla_a_SOURCES += src/train/experiment.c src/train/experiment.h \
	src/train/whiten.c src/train/whiten.h src/train/trainer.c src/train/trainer.h src/train/evaluate.c src/train/evaluate.h \
	src/train/tta.c src/train/tta.h src/train/evaluation.c src/train/evaluation.h \
	src/train/predictor.c src/train/predictor.h src/train/self.c src/train/self.h src/train/saver.c src/train/saver.h src/train/environment.c src/train/environment.h \
	src/train/find_lr.c src/train/find_lr.h src/train/model_graph.c src/train/model_graph.h src/train/events.c src/train/events.h src/train/logs.c src/train/logs.h \
	src/train/progressive.c src/train/progressive.h \
	src/train/metrics.c src/train/metrics.h src/train/settle.c src/train/settle.h \
	src/train/tuning_cache.c src/train/tuning_cache.h \
	src/train/benchmark.c src/train/benchmark.h
libdla_a_SOURCES += src/train/competitor.c src/train/competitor.h
libdla_a_SOURCES += src/train/thumbnail.c src/train/thumbnail.h src/train/mistakes.c src/train/mistakes.h \
	src/train/step_times.c src/train/step_times.h src/train/record.c src/train/record.h src/train/run_command.c src/train/run_command.h
