"""Makes SampleTrails/: see ../make-sample-trails."""
