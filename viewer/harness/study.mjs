// The harness's stack.json: two axial CT series and a coronal one in one frame of reference, and an oblique MR.

const uid = (...parts) => `2.25.${parts.join("")}`;
const AXIAL = [1, 0, 0, 0, 1, 0];
const CORONAL = [1, 0, 0, 0, 0, -1];
const OBLIQUE = [0.906308, 0.422618, 0, 0, 0, -1];

function series(number, options) {
  const { modality, count, gap, orientation, rows, spacing, frame, window, name } = options;
  const normal = [
    orientation[1] * orientation[5] - orientation[2] * orientation[4],
    orientation[2] * orientation[3] - orientation[0] * orientation[5],
    orientation[0] * orientation[4] - orientation[1] * orientation[3],
  ];
  const half = (rows * spacing) / 2;
  const instances = Array.from({ length: count }, (_, k) => ({
    sop: uid(9, number, 1000 + k),
    frame: 1,
    number: k + 1,
    position: [0, 1, 2].map(
      (i) => normal[i] * (k - count / 2) * gap - orientation[i] * half - orientation[i + 3] * half,
    ),
  }));
  const pixel = {
    bits_allocated: 16,
    signed: true,
    slope: 1,
    intercept: modality === "CT" ? -1024 : 0,
    photometric: "MONOCHROME2",
    samples: 1,
  };
  return {
    study: uid(1),
    series: uid(2, number),
    modality,
    number,
    label: `${modality} ${name}`,
    for: frame,
    rows,
    columns: rows,
    spacing: [spacing, spacing],
    orientation,
    window,
    pixel,
    instances,
  };
}

const CT = { modality: "CT", frame: uid(7), window: [40, 80] };

export const stack = {
  frames: "/dicom-web/studies/{study}/series/{series}/instances/{sop}/frames/{frame}",
  rendered: "/dicom-web/studies/{study}/series/{series}/instances/{sop}/frames/{frame}/rendered",
  series: [
    series(2, { ...CT, name: "axial", count: 108, gap: 1.6, orientation: AXIAL, rows: 512, spacing: 0.45 }),
    series(3, {
      ...CT,
      name: "bone",
      count: 36,
      gap: 4.8,
      orientation: AXIAL,
      rows: 512,
      spacing: 0.45,
      window: [480, 2500],
    }),
    series(4, { ...CT, name: "coronal", count: 40, gap: 5, orientation: CORONAL, rows: 256, spacing: 0.9 }),
    series(5, {
      modality: "MR",
      frame: uid(8),
      window: null,
      name: "oblique",
      count: 20,
      gap: 6,
      orientation: OBLIQUE,
      rows: 256,
      spacing: 0.9,
    }),
  ],
};

export const pins = [
  { id: "p1", sop: stack.series[0].instances[60].sop, frame: 1, x: 336, y: 322, window: [40, 80], label: "1" },
  { id: "p2", sop: stack.series[0].instances[54].sop, frame: 1, x: 205, y: 240, window: [40, 80], label: "2" },
  { id: "p3", sop: stack.series[1].instances[20].sop, frame: 1, x: 256, y: 90, window: [480, 2500], label: "3" },
];
