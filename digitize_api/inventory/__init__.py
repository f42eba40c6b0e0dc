"""Lists of paper results (kiểm đếm) over HTTP: bringing one in, seeing what is done and what is left."""
