#include "data/address.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define CIFAR "the original is at https://www.cs.toronto.edu/~kriz/"
#define MNIST "the original is at https://ossci-datasets.s3.amazonaws.com/mnist/"
#define STL   "the original is at https://cs.stanford.edu/~acoates/stl10/"

/* The first row whose text is in the name (in lower case) applies. */
static const struct {
  const char *in_name, *hint;
} addresses[] = {
    {"cifar-100-binary", CIFAR "cifar-100-binary.tar.gz"},
    {"cifar-10-binary", CIFAR "cifar-10-binary.tar.gz"},
    {"cifar-100", CIFAR "cifar-100-python.tar.gz"},
    {"cifar100", CIFAR "cifar-100-python.tar.gz"},
    {"stl10", STL},
    {"_x.bin", STL},
    {"_y.bin", STL},
    {"class_names.txt", STL},
    {".bin", CIFAR "cifar.html"},
    {"cifar-10", CIFAR "cifar-10-python.tar.gz"},
    {"cifar10", CIFAR "cifar-10-python.tar.gz"},
    {"_batch", CIFAR "cifar-10-python.tar.gz"},
    {"batches.meta", CIFAR "cifar-10-python.tar.gz"},
    {"cifar", CIFAR "cifar.html"},
    {"fashion", "the original is at https://github.com/zalandoresearch/fashion-mnist"},
    {"emnist", "the original is at https://www.nist.gov/itl/products-and-services/emnist-dataset"},
    {"mnist", MNIST},
    {"ubyte", MNIST},
};

const char dla_unread_hint[] =
    "write its pictures as files, FOLDER/CLASS/*.png: docs/own-pictures.md#other-containers";

/* NULL: no row applies. */
static const char *find(const char *name)
{
  char lower[512];
  size_t length = strlen(name), from = length < sizeof lower ? 0 : length - sizeof lower + 1;
  snprintf(lower, sizeof lower, "%s", name + from); /* the end is more telling than the start */
  for (char *p = lower; *p; p++)
    *p = (char)tolower((unsigned char)*p);
  for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
    if (strstr(lower, addresses[i].in_name)) return addresses[i].hint;
  return NULL;
}

const char *dla_dataset_address(const char *name)
{
  return dla_dataset_address_by(name, NULL);
}

const char *dla_dataset_address_by(const char *name, const char *file)
{
  const char *hint = find(name);
  if (!hint && file) hint = find(file);
  return hint ? hint
              : "CIFAR is at https://www.cs.toronto.edu/~kriz/cifar.html, MNIST at "
                "https://ossci-datasets.s3.amazonaws.com/mnist/";
}
