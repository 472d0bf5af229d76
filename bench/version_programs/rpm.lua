for line in io.lines(rpm.expand("%pairs")) do
    local a, b = line:match("^(.-)\t(.*)$")
    print(rpm.vercmp(a, b) .. "\n")
end
