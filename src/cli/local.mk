libdla_a_SOURCES += \
	src/cli/train.c src/cli/train.h src/cli/train_step.c src/cli/run.c src/cli/run_json.c src/cli/run_json.h src/cli/eval.c src/cli/predict.c \
	src/cli/fetch_pictures.c src/cli/fetch_pictures.h src/cli/sort_into.c src/cli/sort_into.h \
	src/cli/bench.c src/cli/bench.h src/cli/bench_loader.c src/cli/bench_tables.c src/cli/bench_trace.c \
	src/cli/find_lr.c src/cli/report.c src/cli/live_report.c src/cli/live_report.h \
	src/cli/doctor.c src/cli/new.c src/cli/selftest.c src/cli/findings.c src/cli/findings.h \
	src/cli/graph.c src/cli/graph_summary.c src/cli/graph_summary.h \
	src/cli/convert.c src/cli/export.c src/cli/data.c src/cli/data_known.c src/cli/data_known.h src/cli/pictures.c src/cli/pictures.h \
	src/cli/inspect.c src/cli/stage.c src/cli/start.c src/cli/start.h \
	src/cli/signals.c src/cli/signals.h src/cli/progress.c src/cli/progress.h src/cli/status_line.c src/cli/status_line.h src/cli/curve.c src/cli/curve.h src/cli/show_evaluation.c \
	src/cli/show_evaluation.h src/cli/arguments.c src/cli/arguments.h src/cli/cli.c src/cli/cli.h \
	src/cli/config.c src/cli/stage_report.c src/cli/stage_report.h src/cli/flag.h src/cli/help.c \
	src/cli/help.h src/cli/info.h src/cli/infos.c src/cli/man.c src/cli/completion.c src/cli/completion_bash.c \
	src/cli/completion_zsh.c src/cli/completion_fish.c src/cli/completion.h src/cli/output.c src/cli/output.h src/cli/program_path.c src/cli/program_path.h \
	src/cli/waiting.c src/cli/waiting.h src/cli/submit.c src/cli/sweep.c src/cli/sweep_array.c \
	src/cli/sweep_array.h src/cli/verb.h src/cli/verbs.c src/cli/ranks.c src/cli/ranks.h

# What the program prints of itself, for make install.
if RUNS_HERE
PRINTED = dla-train.1 dla-train-config.5 completion.bash completion.zsh completion.fish
nodist_man_MANS = dla-train.1 dla-train-config.5
noinst_DATA = completion.bash completion.zsh completion.fish
CLEANFILES += $(PRINTED) $(PRINTED:=.tmp)
dla-train.1: dla-train$(EXEEXT)
	$(AM_V_GEN)./dla-train$(EXEEXT) --man >$@.tmp && mv $@.tmp $@
dla-train-config.5: dla-train$(EXEEXT)
	$(AM_V_GEN)./dla-train$(EXEEXT) --man-config >$@.tmp && mv $@.tmp $@
completion.bash: dla-train$(EXEEXT)
	$(AM_V_GEN)./dla-train$(EXEEXT) --completion-bash >$@.tmp && mv $@.tmp $@
completion.zsh: dla-train$(EXEEXT)
	$(AM_V_GEN)./dla-train$(EXEEXT) --completion-zsh >$@.tmp && mv $@.tmp $@
completion.fish: dla-train$(EXEEXT)
	$(AM_V_GEN)./dla-train$(EXEEXT) --completion-fish >$@.tmp && mv $@.tmp $@

# Each shell looks for a name of its own. Debian has another folder for zsh: make install
# zshcompletiondir=/usr/share/zsh/vendor-completions
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
install-data-local: completion.bash completion.zsh completion.fish
	$(MKDIR_P) '$(DESTDIR)$(bashcompletiondir)' '$(DESTDIR)$(zshcompletiondir)' '$(DESTDIR)$(fishcompletiondir)'
	$(INSTALL_DATA) completion.bash '$(DESTDIR)$(bashcompletiondir)/dla-train'
	$(INSTALL_DATA) completion.zsh '$(DESTDIR)$(zshcompletiondir)/_dla-train'
	$(INSTALL_DATA) completion.fish '$(DESTDIR)$(fishcompletiondir)/dla-train.fish'
uninstall-local:
	rm -f '$(DESTDIR)$(bashcompletiondir)/dla-train' '$(DESTDIR)$(zshcompletiondir)/_dla-train' \
	  '$(DESTDIR)$(fishcompletiondir)/dla-train.fish'
endif
