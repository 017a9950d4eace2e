# What takes long: each call on a run's files fails in turn, and the power fails at each moment (tests/cli/faults.sh
# and tests/cli/power.sh try some of it); a run of 100,000 steps; the sync's model with more steps than in
# tests/cli/model-sync.sh. POWER_FLAGS: see power.py --help.
EXTRA_DIST += tests/torture/fault.c tests/torture/faults.py tests/torture/preload.h tests/torture/tiny_run.py \
	tests/torture/record.c tests/torture/crash_states.py tests/torture/power.py tests/torture/long_run.py \
	tests/torture/model.sh tests/torture/sync.pml
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
.PHONY: check-faults check-power check-long check-sync-model
CLEANFILES += tests/torture-fault.so tests/torture-record.so
