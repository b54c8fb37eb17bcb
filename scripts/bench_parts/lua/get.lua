-- GET one page, with a cookie or a token if there is one.
function init(args)
  local options = named(args)
  if options.cookie then wrk.headers["Cookie"] = options.cookie end
  if options.token then wrk.headers["Authorization"] = "Bearer " .. options.token end
end
