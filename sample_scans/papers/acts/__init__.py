"""Administrative acts (NĐ 30/2020 Điều 7): one module a manner of writing, many offices, heads and matters."""
