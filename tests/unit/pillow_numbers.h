/* Made by tests/golden/make_pillow.py with Pillow 9.4.0. */
static const struct {
  int width, height, left, top, right, bottom, to_width, to_height;
  uint64_t hash;
} resizes[] = {
    {61, 47, 0, 0, 61, 47, 32, 32, UINT64_C(0x5ff04d980fbe55b8)},
    {61, 47, 5, 3, 50, 40, 64, 48, UINT64_C(0x8523a4ecd82a5a33)},
    {61, 47, 10, 10, 11, 12, 9, 7, UINT64_C(0x1d8e12b39c0ada10)},
    {200, 100, 0, 0, 200, 100, 7, 5, UINT64_C(0xe44bb513c79da19d)},
    {200, 100, 13, 50, 190, 99, 177, 49, UINT64_C(0xf1ac430f4dfc1db1)},
    {33, 33, 0, 0, 33, 33, 33, 33, UINT64_C(0xe462f5f3a5fa5397)},
    {1, 40, 0, 0, 1, 40, 8, 8, UINT64_C(0x54cb56d8d3d6388d)},
    {300, 3, 0, 0, 300, 3, 16, 16, UINT64_C(0xe5ff8bd38c2816dc)},
};

static const struct {
  const char *what;
  double amount;
  uint64_t hash;
} changes[] = {
    {"brightness", 0.0, UINT64_C(0x61b3c874387c7b7f)},
    {"brightness", 0.35, UINT64_C(0x4f08c26d694dc59b)},
    {"brightness", 1.0, UINT64_C(0xeb0bce95aebfd165)},
    {"brightness", 1.8, UINT64_C(0xe2c1c6e278e77edc)},
    {"contrast", 0.0, UINT64_C(0x86b90b985b75bdff)},
    {"contrast", 0.35, UINT64_C(0xfff65805ae16254e)},
    {"contrast", 1.0, UINT64_C(0xeb0bce95aebfd165)},
    {"contrast", 1.8, UINT64_C(0x02a7a66f7196388c)},
    {"saturation", 0.0, UINT64_C(0x1771b04ed362bef2)},
    {"saturation", 0.35, UINT64_C(0x323de27f0b8cc93d)},
    {"saturation", 1.0, UINT64_C(0xeb0bce95aebfd165)},
    {"saturation", 1.8, UINT64_C(0x8ba1f2802d586c68)},
    {"hue", 0.1, UINT64_C(0xf0b9ce252ed3bfd4)},
    {"hue", -0.25, UINT64_C(0x7cff53ec5fe784fc)},
    {"hue", 0.5, UINT64_C(0xe5a3e89e5b324ade)},
    {"rotation", 10.0, UINT64_C(0x9d131773b1559add)},
    {"rotation", -33.3, UINT64_C(0x0348d135204d773c)},
    {"rotation", 77.7, UINT64_C(0xfb095e2f9e2e880d)},
    {"grey", 0, UINT64_C(0x52255c1e239b69b4)},
};
