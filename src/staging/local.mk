libdla_a_SOURCES += \
	src/staging/copy_file.c src/staging/copy_file.h \
	src/staging/digest.c src/staging/digest.h \
	src/staging/fetch.c src/staging/fetch.h \
	src/staging/folder_storage.c src/staging/folder_storage.h \
	src/staging/headers.c src/staging/headers.h \
	src/staging/http.c src/staging/http.h src/staging/http_attempt.c \
	src/staging/http_download.c src/staging/http_explain.c \
	src/staging/http_pool.c src/staging/http_pool.h \
	src/staging/http_storage.c src/staging/http_storage.h \
	src/staging/location.c src/staging/location.h \
	src/staging/meter.c src/staging/meter.h src/staging/observer.h \
	src/staging/open.c src/staging/open.h \
	src/staging/parallel.c src/staging/parallel.h \
	src/staging/restore.c src/staging/restore.h \
	src/staging/retry.c src/staging/retry.h \
	src/staging/s3.h src/staging/s3_explain.c src/staging/s3_get.c src/staging/s3_multipart.c src/staging/s3_object.c \
	src/staging/s3_parts.c src/staging/s3_parts.h \
	src/staging/s3_put.c src/staging/s3_request.c src/staging/s3_storage.c \
	src/staging/s3_xml.c src/staging/s3_xml.h \
	src/staging/secret.c src/staging/secret.h \
	src/staging/settings.c src/staging/settings.h \
	src/staging/stage.c src/staging/stage.h \
	src/staging/storage.c src/staging/storage.h \
	src/staging/sync.c src/staging/sync.h \
	src/staging/unpack.c src/staging/unpack.h \
	src/staging/unpack_input.c src/staging/unpack_input.h \
	src/staging/unpack_move.c src/staging/unpack_move.h \
	src/staging/unpack_name.c src/staging/unpack_name.h \
	src/staging/utf8_locale.c src/staging/utf8_locale.h \
	src/staging/tree_events.c src/staging/tree_events.h \
	src/staging/validators.c src/staging/validators.h \
	src/staging/watch.c src/staging/watch.h \
	src/staging/watch_push.c src/staging/watch_push.h \
	src/staging/watched_files.c src/staging/watched_files.h \
	src/staging/zip.c src/staging/zip.h
