libdla_a_SOURCES += \
	src/sweep/about.c src/sweep/about.h src/sweep/draw.c src/sweep/draw.h src/sweep/halving.c src/sweep/halving.h \
	src/sweep/leaderboard.c src/sweep/leaderboard.h src/sweep/read.c src/sweep/read_parameters.c \
	src/sweep/reader.c src/sweep/reader.h src/sweep/run.c src/sweep/run.h src/sweep/run_trial.c \
	src/sweep/run_trial.h src/sweep/standing.c src/sweep/standing.h src/sweep/sweep.h \
	src/sweep/trial_folder.c src/sweep/trial_name.c src/sweep/trial_state.c src/sweep/trial_state.h \
	src/sweep/trials.c src/sweep/trials.h
