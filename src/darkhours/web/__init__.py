"""Pages and an interface over HTTP: the use cases of `app`, asked for by browsers and programs."""
