Console.WriteLine("drift");
