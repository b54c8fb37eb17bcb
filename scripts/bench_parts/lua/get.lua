-- GET one page, with a cookie if there is one.
function init(args)
  local options = named(args)
  if options.cookie then wrk.headers["Cookie"] = options.cookie end
end
