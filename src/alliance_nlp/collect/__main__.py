"""The fetcher's child process; :class:`alliance_nlp.collect.Fetcher` starts it."""

from alliance_nlp.collect.spider import main

if __name__ == "__main__":
    main()
