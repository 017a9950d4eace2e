/* The inside of a reader, for the files of this folder. */
#ifndef DLA_PICTURE_READER_H
#define DLA_PICTURE_READER_H

#include "dla/picture.h"
#include "picture/resize_kernel.h"

struct dla_reader {
  dla_room decoded, turned; /* pixels, before and after the orientation */
  dla_room taps, rows;      /* the weights of a resize, and the rows between its passes */
  dla_room result;          /* of dla_picture_for_evaluation() */
  dla_resize_kernels kernels;
};

#endif
