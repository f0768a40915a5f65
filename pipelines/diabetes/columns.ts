/** What is known of each measurement; where none was taken, the public table has a 0. */

import {
  classes,
  type ClassTarget,
  type FeatureSet,
  featureSet,
  number,
} from "../../src/features/mod.ts";

/** A measurement that cannot be 0: 0 is out of its range, and so missing. */
const measured = (description: string) => number({ min: 1, missing: "median", description });

/** A person; "1" is one who has diabetes. */
export const diabetesFeatures: FeatureSet<ClassTarget> = featureSet({
  target: classes("Outcome", ["0", "1"], { positive: "1" }),
  columns: {
    Pregnancies: number({ min: 0, max: 20 }),
    Glucose: measured("Plasma glucose after two hours, mg/dl"),
    BloodPressure: measured("Diastolic blood pressure, mm Hg"),
    SkinThickness: measured("Skin fold of the triceps, mm"),
    Insulin: measured("Serum insulin after two hours, µU/ml"),
    BMI: measured("Body mass index, kg/m²"),
    DiabetesPedigreeFunction: number({ min: 0 }),
    Age: number({ min: 18, max: 120, description: "Age in years" }),
  },
});
