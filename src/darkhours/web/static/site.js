// What the site adds to pages that are whole without it.
document.documentElement.classList.add("js");
