libdla_a_SOURCES += \
	include/dla/dataset.h include/dla/loader.h src/data/address.c src/data/address.h \
	src/data/sources/archive.c src/data/sources/archive.h src/data/sources/archive_input.c \
	src/data/sources/archive_input.h src/data/blob.c src/data/blob.h src/data/sources/catalogue.c \
	src/data/sources/catalogue.h src/data/formats/cifar.h src/data/formats/cifar_binary.c \
	src/data/formats/cifar_python.c src/data/dataset.c src/data/sources/find.c src/data/sources/find.h \
	src/data/sources/folder_walk.c src/data/sources/folder_walk.h src/data/formats/format.c src/data/formats/format.h \
	src/data/formats/idx.c src/data/sources/member_name.c src/data/sources/member_name.h src/data/formats/numpy.c \
	src/data/formats/numpy.h src/data/formats/pickle.c src/data/formats/pickle.h src/data/formats/stl10.c src/data/picture.c \
	src/data/sampler.c src/data/sampler.h src/data/side.h src/data/sources/source.c src/data/sources/source.h \
	src/data/sources/source_archive.c src/data/sources/source_archive.h src/data/sources/source_folder.c \
	src/data/sources/source_folder.h src/data/sources/unread.c src/data/sources/unread.h src/data/split.c src/data/split.h \
	src/data/pictures/archive.c src/data/pictures/cache.c src/data/pictures/cache.h \
	src/data/pictures/cache_file.c src/data/pictures/cache_file.h src/data/pictures/crew.c \
	src/data/pictures/crew.h src/data/pictures/csv.c src/data/pictures/csv_columns.c \
	src/data/pictures/csv_columns.h src/data/pictures/csv_fields.c \
	src/data/pictures/csv_fields.h src/data/pictures/csv_find.c \
	src/data/pictures/csv_find.h src/data/pictures/file_names.c \
	src/data/pictures/file_names.h src/data/pictures/duplicates.c \
	src/data/pictures/duplicates.h src/data/pictures/file.c \
	src/data/pictures/folder.c src/data/pictures/layout.c src/data/pictures/layout.h \
	src/data/pictures/list.c src/data/pictures/list.h src/data/pictures/listing.h \
	src/data/pictures/loose.c src/data/pictures/loose.h src/data/pictures/load.c src/data/pictures/load.h \
	src/data/pictures/look.c src/data/pictures/members.c \
	src/data/pictures/members.h src/data/pictures/table_inside.c \
	src/data/pictures/table_inside.h src/data/pictures/pack.c src/data/pictures/pack.h \
	src/data/pictures/place.c src/data/pictures/place.h \
	src/data/pictures/scan.c \
	src/data/pictures/scan.h src/data/pictures/shards.c src/data/pictures/shards.h \
	src/data/pictures/set.c src/data/pictures/set.h \
	src/data/pictures/side_names.c src/data/pictures/side_names.h src/data/pictures/shrink.c \
	src/data/pictures/shrink.h src/data/pictures/split_by_name.c
