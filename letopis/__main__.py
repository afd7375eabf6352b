from letopis.config.cli import main

raise SystemExit(main())
