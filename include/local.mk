# libdla: the public headers, and what they declare as a shared library. The other headers of include/dla are
# for backends and update rules, which live in this tree.
LIBDLA_API = include/dla/checkpoint.h include/dla/convolution.h include/dla/dataset.h include/dla/dist.h include/dla/precision.h \
	include/dla/graph.h include/dla/loader.h include/dla/models.h include/dla/network.h \
	include/dla/optimizer.h include/dla/parameter_groups.h include/dla/picture.h include/dla/plateau.h \
	include/dla/status.h include/dla/step.h include/dla/tensor.h
libdla_a_SOURCES += $(LIBDLA_API) include/dla/update_rule.h
EXTRA_DIST += libdla.pc.in

if SHARED
# The major number counts changes that programs must be compiled anew for.
LIBDLA_SONAME = libdla.so.0
LIBDLA_FILE = $(LIBDLA_SONAME).$(PACKAGE_VERSION)
all-local: $(LIBDLA_FILE)

# Every function that a public header declares, and nothing else, as version LIBDLA_0.
libdla.map: $(LIBDLA_API)
	{ echo 'LIBDLA_0 {'; echo '  global:'; \
	  cd $(srcdir) && grep -hvE '^(typedef|static)' $(LIBDLA_API) | \
	    sed -nE 's/^[a-z][a-z0-9_ ]*[ *](dla_[a-z0-9_]+)\(.*/    \1;/p' | LC_ALL=C sort -u; \
	  echo '  local: *;'; echo '};'; } >$@.new
	mv $@.new $@

# -u takes of the archive what the functions need, and leaves out the command line.
$(LIBDLA_FILE): libdla.map libdla.a $(KERNEL_LIBS)
	$(AM_V_CCLD)$(CC) $(AM_CFLAGS) $(CFLAGS) -shared -Wl,-soname,$(LIBDLA_SONAME) \
	  -Wl,--version-script=libdla.map -Wl,--no-undefined $(RELRO) $(LDFLAGS) -o $@ \
	  `sed -nE 's/^ *(dla_[a-z0-9_]+);/-Wl,-u,\1/p' libdla.map` $(DLA_LIBS)

dlaincludedir = $(includedir)/dla
dlainclude_HEADERS = $(LIBDLA_API)
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = libdla.pc
install-exec-local: $(LIBDLA_FILE)
	$(MKDIR_P) '$(DESTDIR)$(libdir)'
	$(INSTALL_PROGRAM) $(LIBDLA_FILE) '$(DESTDIR)$(libdir)/$(LIBDLA_FILE)'
	ln -sf $(LIBDLA_FILE) '$(DESTDIR)$(libdir)/$(LIBDLA_SONAME)'
	ln -sf $(LIBDLA_SONAME) '$(DESTDIR)$(libdir)/libdla.so'
uninstall-hook:
	rm -f '$(DESTDIR)$(libdir)/$(LIBDLA_FILE)' '$(DESTDIR)$(libdir)/$(LIBDLA_SONAME)' \
	  '$(DESTDIR)$(libdir)/libdla.so'
	-rmdir '$(DESTDIR)$(dlaincludedir)' 2>/dev/null
CLEANFILES += libdla.map $(LIBDLA_FILE)
endif
