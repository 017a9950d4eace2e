/* argv -> verb -> exit status; nothing else. */
int main(void)
{
  return 0;
}
