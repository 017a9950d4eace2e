# What takes long: each call on a run's files fails in turn, and the power fails at each moment (tests/cli/faults.sh
# and tests/cli/power.sh try some of it); a run of 100,000 steps; the sync's model with more steps than in
# tests/cli/model-sync.sh. POWER_FLAGS: see power.py --help.
EXTRA_DIST += tests/torture/fault.c tests/torture/faults.py tests/torture/preload.h tests/torture/tiny_run.py \
	tests/torture/record.c tests/torture/crash_states.py tests/torture/power.py tests/torture/long_run.py \
	tests/torture/model.sh tests/torture/sync.pml tests/torture/mutants.py tests/torture/coverage.py
check-faults: dla-train$(EXEEXT)
	$(CC) -shared -fPIC -O1 -o tests/torture-fault.so $(srcdir)/tests/torture/fault.c -ldl
	/usr/bin/python3 -B $(srcdir)/tests/torture/faults.py ./dla-train$(EXEEXT) tests/torture-fault.so \
	  --verbs train,pushed,get,put,export,convert,inspect,predict,data,pack,stage,new,sweep,workflow
check-power: dla-train$(EXEEXT)
	$(CC) -shared -fPIC -O1 -o tests/torture-record.so $(srcdir)/tests/torture/record.c -ldl -lpthread
	/usr/bin/python3 -B $(srcdir)/tests/torture/power.py ./dla-train$(EXEEXT) tests/torture-record.so $(POWER_FLAGS)
check-long: dla-train$(EXEEXT)
	/usr/bin/python3 -B $(srcdir)/tests/torture/long_run.py ./dla-train$(EXEEXT)
check-sync-model:
	@$(MKDIR_P) tests/torture-model
	cd tests/torture-model && sh $(abs_srcdir)/tests/torture/model.sh $(abs_srcdir)/tests/torture/sync.pml \
	  -DSTEPS=5 -DKILLS=3 -DFAULTS=3
# Mutants of the sources that decide whether a checkpoint survives. MUTANT_FLAGS: see mutants.py --help.
check-mutants: dla-train$(EXEEXT)
	/usr/bin/python3 -B $(srcdir)/tests/torture/mutants.py . $(MUTANT_FLAGS)
# What the tests of checkpoints, staging and resuming run of these sources; a build of its own, without
# optimisation. COVERAGE_FLAGS: see coverage.py --help.
COVERAGE_TESTS = tests/unit/test_earlier tests/unit/test_network tests/unit/test_no_memory tests/unit/test_optimizer \
	tests/unit/test_pickle tests/unit/test_place tests/unit/test_pth_hostile tests/unit/test_retention \
	tests/unit/test_s3_sign tests/unit/test_safetensors tests/unit/test_staging tests/unit/test_staging_text \
	tests/unit/test_status tests/unit/test_swept_folder tests/unit/test_tensor_set tests/unit/test_tree_events \
	tests/unit/test_unpack tests/unit/test_watch tests/unit/test_watch_push
COVERAGE_CASES = $(filter tests/cli/checkpoint-% tests/cli/convert% tests/cli/inspect-% tests/cli/output-lock.sh \
	tests/cli/pretrained.sh tests/cli/resume% tests/cli/retention.sh tests/cli/signal-% tests/cli/stage-% \
	tests/cli/train-pth%, $(CLI_TESTS)) $(STAGING_TESTS)
check-coverage:
	$(MKDIR_P) coverage
	cd coverage && { test -f Makefile || $(abs_srcdir)/configure CFLAGS='-O0 -g --coverage'; }
	find coverage -name '*.gcda' -exec rm -f {} +
	$(MAKE) -C coverage -k check check_PROGRAMS='$(COVERAGE_TESTS)' TESTS='$(COVERAGE_TESTS) $(COVERAGE_CASES)'; \
	  status=$$?; /usr/bin/python3 -B $(srcdir)/tests/torture/coverage.py coverage $(COVERAGE_FLAGS) && exit $$status
.PHONY: check-faults check-power check-long check-sync-model check-mutants check-coverage
CLEANFILES += tests/torture-fault.so tests/torture-record.so
