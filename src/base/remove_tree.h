#ifndef DLA_BASE_REMOVE_TREE_H
#define DLA_BASE_REMOVE_TREE_H

/* Deletes a folder and its contents, as far as possible; follows no links. */
void dla_remove_tree(const char *path);

#endif
