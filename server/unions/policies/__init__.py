"""The privacy policy (个人信息处理规则) as data: written in the console, published, kept for ever."""
