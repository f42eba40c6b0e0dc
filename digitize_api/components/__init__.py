"""A component (thành phần hồ sơ): its fields, its PDF, its page images, and the review that corrects them."""
