DROP TABLE delivery;
DROP TABLE device;
