#include "dla/picture.h"

#include <stdlib.h>

uint8_t *dla_room_for(dla_room *room, size_t bytes)
{
  if (bytes <= room->size && room->bytes) return room->bytes;
  /* The old content is not needed, so it is not moved. */
  free(room->bytes);
  *room = (dla_room){malloc(bytes ? bytes : 1), bytes};
  if (!room->bytes) room->size = 0;
  return room->bytes;
}
